// Lists that the stream does not carry, read again every few seconds while they are shown.

import { untrack } from 'svelte';

export class Polled<Value> {
  value = $state.raw<Value | undefined>();
  trouble = $state('');

  /// REQUIRES: called while a component is set up; stops when it goes.
  constructor(read: () => Promise<Value>, everyMs: number | ((value?: Value) => number)) {
    $effect(() => {
      let isWanted = true;
      let timer: ReturnType<typeof setTimeout> | undefined;
      const again = async () => {
        try {
          const value = await read();
          if (isWanted) this.value = value;
          this.trouble = '';
        } catch (error) {
          this.trouble = error instanceof Error ? error.message : 'the engine does not answer';
        }
        const pauseMs = typeof everyMs === 'number' ? everyMs : everyMs(untrack(() => this.value));
        if (isWanted) timer = setTimeout(() => void again(), pauseMs);
      };
      void again();
      return () => {
        isWanted = false;
        clearTimeout(timer);
      };
    });
  }
}
