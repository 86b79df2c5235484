import { describe, expect, it } from 'vitest';
import { batteryLine } from '../../dashboard/source/model/battery';

const plain = (text: string): string => text.replaceAll('\u202f', ' ');

describe('the line about a battery', () => {
  const battery = { capacity_wh: 60_000, energy_to_full_wh: 6_000, departure_need_permille: 800,
    exported_wh: 0, export_max_w: 25_000 };

  it('says what flows back, what is missing and what it keeps', () => {
    expect(plain(batteryLine('export', { ...battery, exported_wh: 1_500 })))
      .toBe('gives back, 1.50 kWh so far · 6.00 kWh to full · keeps 80 %');
    expect(plain(batteryLine('charge', { ...battery, exported_wh: 1_500 })))
      .toBe('gave back 1.50 kWh · 6.00 kWh to full · keeps 80 %');
    expect(plain(batteryLine('charge', battery)))
      .toBe('could give back 25.0 kW · 6.00 kWh to full · keeps 80 %');
  });

  it('says nothing that is not known', () => {
    expect(batteryLine('charge', { ...battery, energy_to_full_wh: null, export_max_w: null }))
      .toBe('keeps 80 %');
  });
});
