/** Executes the examples of docs/status-rules.md, so that what a registrar reads is what happens. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { anEnrollment } from './enrollment-builder.ts';
import { statusLabels } from './enrollment-status.ts';
import { decideStatus, statusOfRule } from './status-decision.ts';
import { leftOutSentence, statusReason } from './status-reason.ts';

const page = readFileSync(new URL('../../docs/status-rules.md', import.meta.url), 'utf8');

const cellsOf = (line: string): string[] =>
  line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());

/** The rows of the first table after a text, without its head. */
function tableAfter(text: string): string[][] {
  const lines = page.slice(page.indexOf(text)).split('\n');
  const from = lines.findIndex((line) => line.startsWith('|'));
  const length = lines.slice(from).findIndex((line) => !line.startsWith('|'));
  return lines.slice(from + 2, from + length).map(cellsOf);
}

/** `1: 2026-08-12 to open, code 01, year 2026` as an enrollment; anything else is an error in the page. */
function enrollmentOf(words: string) {
  const [, id, startDate, end, rest] =
    /^(\d+): (\S+) to (open|[\d-]+)((?:, [^,]+)*)$/.exec(words) ?? [];
  if (id === undefined) throw new Error(`The page has an enrollment of another form: ${words}`);
  const said: Record<string, string | number | boolean> = {};
  for (const part of (rest ?? '').split(', ').slice(1)) {
    if (part === 'other entity') Object.assign(said, { isDefaultEntity: false, entityId: 402 });
    else if (part.startsWith('code ')) said['withdrawalCode'] = part.slice(5);
    else if (part.startsWith('withdrawn ')) said['withdrawalDate'] = part.slice(10);
    else if (part.startsWith('year ')) said['schoolYear'] = Number(part.slice(5));
    else if (part.startsWith('calendar to ')) said['calendarEndDate'] = part.slice(12);
    else throw new Error(`The page says something of an enrollment that is not known: ${part}`);
  }
  return anEnrollment({
    id: Number(id),
    ...(startDate === undefined ? {} : { startDate }),
    endDate: end === undefined || end === 'open' ? null : end,
    ...said,
  });
}

describe('docs/status-rules.md', () => {
  const examples = tableAfter('<!-- examples -->');

  it('has an example of every rule', () => {
    expect(new Set(examples.map(([, , rule]) => rule))).toEqual(new Set(Object.keys(statusOfRule)));
  });

  it.each(examples)('%s: %s', (words, ...expected) => {
    const rows = words === 'none' ? [] : (words ?? '').split('; ').map(enrollmentOf);
    const decision = decideStatus(rows, Temporal.PlainDate.from('2026-11-23'), 2027);
    expect([
      statusLabels[decision.status],
      decision.rule,
      String(decision.decidedBy ?? ''),
      decision.leftOut.map(({ id, reason }) => `${id} ${reason}`).join('; '),
      decision.changesOn?.toString() ?? '',
    ]).toEqual(expected);
  });

  it('names for every rule the status that it gives', () => {
    expect(tableAfter('5. **The status.**').map(([, status, rule]) => [rule, status])).toEqual(
      Object.entries(statusOfRule).map(([rule, status]) => [`\`${rule}\``, statusLabels[status]]),
    );
  });
});

describe('the reasons in words', () => {
  it.each([
    'current-enrollment',
    'future-without-past',
    'future-with-past',
    'graduated',
    'withdrawn',
    'no-enrollment',
  ] as const)('begin for %s with the status that it gives', (rule) => {
    expect(statusReason({ rule })).toMatch(
      new RegExp(`^${statusLabels[statusOfRule[rule]]}, .+\\.$`),
    );
  });

  it.each(['not-retrieved', 'cecs', 'never-effective'] as const)(
    'tell why a row is %s',
    (reason) => {
      expect(leftOutSentence(reason)).toMatch(/^Not .+\.$/);
    },
  );
});
