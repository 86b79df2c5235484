// A station that acknowledges and keeps drawing (SAFE-2), in words.

import type { Escalation } from './api_types';

const steps: Record<Escalation, { short: string; long: string }> = {
  none: { short: 'obeys', long: '' },
  tell_again: { short: 'told again', long: 'It was told its limit again.' },
  lower_limit: { short: 'told less', long: 'It was told a lower limit.' },
  remote_stop: { short: 'told to stop', long: 'It was told to stop charging.' },
  set_unavailable: { short: 'set unavailable', long: 'It was set unavailable.' },
  operator: { short: 'needs you', long: 'Nothing helped: switch it off by hand.' },
};

export function stepName(step: Escalation): string {
  return steps[step].short;
}

/// Empty where it obeys. A step stands for some seconds after the station has come down.
export function disobedience(step: Escalation, isOver: boolean): string {
  if (step === 'none') return '';
  const { long } = steps[step];
  return isOver ? `It draws more than it was told. ${long} What it draws stays reserved.`
    : `It drew more than it was told and is still watched. ${long}`;
}
