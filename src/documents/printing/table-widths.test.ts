import { array, assert, nat, property } from 'fast-check';
import { describe, expect, it } from 'vitest';

import { columnWidths } from './table-widths.ts';

describe('the widths of columns', () => {
  it('let an e-mail address stay whole while names wrap', () => {
    const name = { word: 60, text: 140 };
    const email = { word: 190, text: 190 };
    const [first = 0, second = 0] = columnWidths([name, email], 300);
    expect(second).toBeGreaterThanOrEqual(190);
    expect(first + second).toBeCloseTo(300);
  });

  it('share what is left over equally', () => {
    const needs = [
      { word: 10, text: 20 },
      { word: 10, text: 40 },
    ];
    expect(columnWidths(needs, 100)).toEqual([40, 60]);
  });

  it('break only the longest words if not all fit', () => {
    const need = (word: number) => ({ word, text: word });
    expect(columnWidths([need(60), need(400), need(50), need(300)], 310)).toEqual([
      60, 100, 50, 100,
    ]);
  });

  it('always fill the table, and hold every word if all words fit', () => {
    const need = nat(300).chain((word) =>
      nat(300).map((more) => ({ word: word + 1, text: word + 1 + more })),
    );
    assert(
      property(array(need, { minLength: 1, maxLength: 8 }), (needs) => {
        const widths = columnWidths(needs, 504);
        expect(widths.reduce((total, width) => total + width, 0)).toBeCloseTo(504);
        const fits = needs.reduce((total, { word }) => total + word, 0) <= 504;
        const holds = widths.every((width, index) => width + 0.001 >= (needs[index]?.word ?? 0));
        expect(holds || !fits).toBe(true);
      }),
    );
  });
});
