// Short answers to what the user did: shown for a few seconds, read out by screen readers.

export interface Toast {
  number: number;
  text: string;
  isBad: boolean;
}

const shownMs = 6000;

class Toasts {
  list = $state.raw<Toast[]>([]);
  private count = 0;

  say(text: string, isBad = false): void {
    this.count += 1;
    const toast = { number: this.count, text, isBad };
    this.list = [...this.list.slice(-2), toast];
    setTimeout(() => {
      this.list = this.list.filter((each) => each !== toast);
    }, shownMs);
  }
}

export const toasts = new Toasts();
