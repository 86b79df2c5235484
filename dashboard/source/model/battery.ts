// A vehicle's battery at a DC outlet, in one line.

import type { Battery, Direction } from './api_types';
import { energy, power } from './format';

/// "gives back, 1.50 kWh so far · 6.00 kWh to full · keeps 80 %".
export function batteryLine(direction: Direction, battery: Battery): string {
  const parts: string[] = [];
  const soFar = battery.exported_wh > 0 ? `${energy(battery.exported_wh)} so far` : '';
  if (direction === 'export') parts.push(soFar ? `gives back, ${soFar}` : 'gives back');
  else if (soFar) parts.push(`gave back ${energy(battery.exported_wh)}`);
  else if (battery.export_max_w !== null)
    parts.push(`could give back ${power(battery.export_max_w)}`);
  if (battery.energy_to_full_wh !== null)
    parts.push(`${energy(battery.energy_to_full_wh)} to full`);
  parts.push(`keeps ${Math.round(battery.departure_need_permille / 10)} %`);
  return parts.join(' · ');
}
