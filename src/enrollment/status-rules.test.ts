/** Executes the examples of docs/status-rules.md. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { buildEnrollment } from '../../tests/builders/enrollment-builder.ts';
import { statusLabels } from './enrollment-status.ts';
import { decideStatus, statusOfRule } from './status-decision.ts';
import { defaultStatusRules, nextSchoolYears } from './status-settings.ts';
import { ruleReason, uncountedSentence } from './status-reason.ts';

const page = readFileSync(new URL('../../docs/status-rules.md', import.meta.url), 'utf8');

const cellsOf = (line: string): string[] =>
  line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());

/** Returns the body rows of the first table after a text. */
function tableAfter(text: string): string[][] {
  const lines = page.slice(page.indexOf(text)).split('\n');
  const from = lines.findIndex((line) => line.startsWith('|'));
  const length = lines.slice(from).findIndex((line) => !line.startsWith('|'));
  return lines.slice(from + 2, from + length).map(cellsOf);
}

/** Parses an enrollment such as `1: 2026-08-12 to open, code 01, year 2026`; throws on anything else. */
function enrollmentOf(text: string) {
  const [, id, startDate, end, rest] =
    /^(\d+): (no date|\S+) to (open|[\d-]+)((?:, [^,]+)*)$/.exec(text) ?? [];
  if (id === undefined) throw new Error(`The page has an enrollment in an unknown format: ${text}`);
  const overrides: Record<string, string | number | boolean> = {};
  for (const part of (rest ?? '').split(', ').slice(1)) {
    if (part === 'other entity')
      Object.assign(overrides, { isDefaultEntity: false, entityId: 402 });
    else if (part.startsWith('code ')) overrides['withdrawalCode'] = part.slice(5);
    else if (part.startsWith('withdrawn ')) overrides['withdrawalDate'] = part.slice(10);
    else if (part.startsWith('year ')) overrides['schoolYear'] = Number(part.slice(5));
    else if (part.startsWith('calendar to ')) overrides['calendarEndDate'] = part.slice(12);
    else if (part === 'no-show') overrides['isNoShow'] = true;
    else if (part === 'not one day') overrides['enrolledAtLeastOneDay'] = false;
    else throw new Error(`The page has an unknown property of an enrollment: ${part}`);
  }
  return buildEnrollment({
    id: Number(id),
    startDate: startDate === undefined || startDate === 'no date' ? null : startDate,
    endDate: end === undefined || end === 'open' ? null : end,
    ...overrides,
  });
}

describe('docs/status-rules.md', () => {
  const examples = tableAfter('<!-- examples -->');

  it('has an example for every rule', () => {
    expect(new Set(examples.map(([, , rule]) => rule))).toEqual(new Set(Object.keys(statusOfRule)));
  });

  it.each(examples)('%s: %s', (text, ...expected) => {
    const [, day, nextYear, list = ''] =
      /^(?:([\d-]{10})(?:, next year (\w+))?: )?(.*)$/.exec(text ?? '') ?? [];
    const rows = list === 'none' ? [] : list.split('; ').map(enrollmentOf);
    const decision = decideStatus(rows, Temporal.PlainDate.from(day ?? '2026-11-23'), 2027, {
      ...defaultStatusRules,
      nextSchoolYear: z.enum(nextSchoolYears).parse(nextYear ?? 'current'),
    });
    expect([
      statusLabels[decision.status],
      decision.rule,
      String(decision.decidedBy ?? ''),
      decision.uncounted.map(({ id, reason }) => `${id} ${reason}`).join('; '),
      decision.changesOn?.toString() ?? '',
    ]).toEqual(expected);
  });

  it('lists the status of every rule', () => {
    expect(tableAfter('5. **The status.**').map(([, status, rule]) => [rule, status])).toEqual(
      Object.entries(statusOfRule).map(([rule, status]) => [`\`${rule}\``, statusLabels[status]]),
    );
  });
});

describe('the reasons', () => {
  it.each([
    'current-enrollment',
    'future-without-past',
    'future-with-past',
    'graduated',
    'withdrawn',
    'no-enrollment',
  ] as const)('begin for %s with its status', (rule) => {
    expect(ruleReason(rule)).toMatch(new RegExp(`^${statusLabels[statusOfRule[rule]]}: .+\\.$`));
  });

  it.each(['unreadable-date', 'never-effective', 'not-retrieved', 'cecs'] as const)(
    'explain why a row is %s',
    (reason) => {
      expect(uncountedSentence(reason)).toMatch(/^Not .+\.$/);
    },
  );
});
