import { describe, expect, it } from 'vitest';
import { fitted, textWidth, wrapped } from '../../dashboard/source/model/fit';

describe('texts of drawings', () => {
  it('are as wide as their letters: wide ones take more', () => {
    expect(textWidth('WWW', 10)).toBeGreaterThan(textWidth('iii', 10) * 2);
    expect(textWidth('abc', 10, true)).toBeGreaterThan(textWidth('abc', 10));
  });

  it('stay as they are where they fit, and end with an ellipsis where they do not', () => {
    expect(fitted('CP-001', 100, 11)).toBe('CP-001');
    // As examples/autonomous.toml has them, in a box of 90 px less its dot.
    expect(fitted('350 kW DC', 70, 11, true)).toBe('350 kW DC');
    const cut = fitted('350 kW DC of the north wall', 80, 11);
    expect(cut).toMatch(/^350 kW.*…$/);
    expect(textWidth(cut, 11)).toBeLessThanOrEqual(80);
    expect(fitted('WWW', 1, 11)).toBe('W…');
  });

  it('are wrapped between their parts only', () => {
    expect(wrapped(['10 stations', '4 charging', '6 free'], 1000, 11))
      .toEqual(['10 stations · 4 charging · 6 free']);
    expect(wrapped(['10 stations', '4 charging', '6 free'], 165, 11))
      .toEqual(['10 stations · 4 charging', '6 free']);
    expect(wrapped([], 100, 11)).toEqual([]);
  });
});
