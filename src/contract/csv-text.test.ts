import { expect, it } from 'vitest';

import { guardCell } from './csv-text.ts';

it.each(['=1+1', '+1', '-1', '@SUM(1)', ' =1', '\t1', '\r1', '\n=1', '＝1', '＋1', '－1', '＠1'])(
  'puts an apostrophe before %j, which a spreadsheet would calculate',
  (text) => {
    expect(guardCell(text)).toBe(`'${text}`);
  },
);

it.each(['', 'Ana', '1=1', "O'Brien", 'a@b.example', 'Smith-Jones'])(
  'leaves %j as it is',
  (text) => {
    expect(guardCell(text)).toBe(text);
  },
);
