/** Tests of the 22 condition types, one by one and against their names. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FieldType } from '../district/catalog.ts';
import type { Value } from '../district/columns.ts';
import {
  conditionTypes,
  parseCondition,
  type ConditionContext,
  type ConditionType,
} from './condition.ts';
import { defaultSwitchValues } from './contract-switches.ts';

/** Creates a field whose rows have these values. */
function column(values: readonly Value[], type: FieldType): ConditionContext {
  const field = {
    name: 'X',
    type,
    isKey: false,
    isRequired: false,
    isReadOnly: false,
    isGrantedByDefault: true,
  };
  const path = { names: ['X'], field, targetChecks: [], uses: [] };
  return {
    follow: () => ({ ...path, read: (row) => values[row] ?? null }),
    switches: defaultSwitchValues,
  };
}

/** Returns the values that match a condition. */
function passing(
  values: readonly Value[],
  type: FieldType,
  condition: Record<string, unknown>,
  kind = 'StringSearchCondition',
): Value[] {
  const test = parseCondition({ [kind]: { FieldName: 'X', ...condition } }, column(values, type));
  return values.filter((_, row) => test(row));
}

const numbers = [null, 1, 2, 3, 4];
const words = [null, 'Ander', 'anderson', 'Sander', 'Lee'];

describe('condition types', () => {
  it.each<[ConditionType, Record<string, unknown>, Value[]]>([
    ['Equal', { Value: '2' }, [2]],
    ['NotEqual', { Value: 2 }, [1, 3, 4]],
    ['Less', { Value: 2 }, [1]],
    ['LessEqual', { Value: '2' }, [1, 2]],
    ['Greater', { Value: 2 }, [3, 4]],
    ['GreaterEqual', { Value: 2 }, [2, 3, 4]],
    ['BetweenInclusive', { List: [2, 3] }, [2, 3]],
    ['NotBetwenInclusive', { List: ['2', '3'] }, [1, 4]],
    ['BetweenExclusive', { Value: '1,4' }, [2, 3]],
    ['NotBetwenExclusive', { List: [1, 4] }, [1, 4]],
    ['Null', {}, [null]],
    ['NotNull', { Value: 'NA NotNull' }, [1, 2, 3, 4]],
    ['List', { List: ['1', '3', '9'] }, [1, 3]],
    ['NotList', { Value: '1,3' }, [2, 4]],
  ])('%s compares numbers', (ConditionType, operand, expected) => {
    expect(passing(numbers, 'BigInt', { ConditionType, ...operand })).toEqual(expected);
  });

  it.each<[ConditionType, string, Value[]]>([
    ['Equal', 'ANDER', ['Ander']],
    ['Like', 'Ander%', ['Ander', 'anderson']],
    ['NotLike', '%ander%', ['Lee']],
    ['Like', 'L_e', ['Lee']],
    ['Begins', 'ander', ['Ander', 'anderson']],
    ['NotBegins', 'Ander', ['Sander', 'Lee']],
    ['Contains', 'nder', ['Ander', 'anderson', 'Sander']],
    ['NotContains', 'nder', ['Lee']],
    ['Ends', 'er', ['Ander', 'Sander']],
    ['NotEnds', 'er', ['anderson', 'Lee']],
    ['Greater', 'b', ['Sander', 'Lee']],
  ])('%s compares text without case: %s', (ConditionType, text, expected) => {
    expect(passing(words, 'Text', { ConditionType, Value: text })).toEqual(expected);
  });

  it.each([
    ['NotBetweenInclusive', [1, 4]],
    ['NotBetweenExclusive', [1, 2, 3, 4]],
  ])('%s is also accepted in its right spelling', (ConditionType, expected) => {
    expect(passing(numbers, 'BigInt', { ConditionType, List: [2, 3] })).toEqual(expected);
  });

  it.each([
    ['8/31/2026', ['2026-08-31T00:00:00']],
    ['08/31/2026', ['2026-08-31T00:00:00']],
    ['8/31/2026 12:00:00 AM', ['2026-08-31T00:00:00']],
    ['8/31/2026 00:00', ['2026-08-31T00:00:00']],
    ['8/31/2026 2:05 pm', ['2026-08-31T14:05:00']],
    ['9/1/2026', []],
  ])('accept dates in the form of the United States: %s', (Value, expected) => {
    const moments = ['2026-08-31T00:00:00', '2026-08-31T14:05:00', '2026-08-12T00:00:00', null];
    expect(passing(moments, 'DateTime', { ConditionType: 'Equal', Value })).toEqual(expected);
  });

  it.each(['31/8/2026', '2/30/2026', '8/31/26', '8/31/2026 25:00', '8-31-2026'])(
    'reject an invalid date: %s',
    (Value) => {
      expect(() => passing([null], 'Date', { ConditionType: 'Equal', Value })).toThrow(
        /needs a date/u,
      );
    },
  );

  it('accept dates with or without a time, and flags as words or numbers', () => {
    const days = ['2026-08-12T00:00:00', '2026-08-13T00:00:00'];
    expect(passing(days, 'Date', { ConditionType: 'GreaterEqual', Value: '2026-08-13' })).toEqual([
      days[1],
    ]);
    expect(passing(days, 'Date', { ConditionType: 'Equal', Value: '2026-08-12T00:00:00' })).toEqual(
      [days[0]],
    );
    const equal = { ConditionType: 'Equal' };
    expect(passing([true, false], 'Bool', { ...equal, Value: 1 }, 'LongSearchCondition')).toEqual([
      true,
    ]);
    expect(
      passing([true, false], 'Bool', { ...equal, Value: 'False' }, 'BoolSearchCondition'),
    ).toEqual([false]);
  });

  it('treat wildcard characters literally', () => {
    expect(passing(['a.c', 'abc', '(x'], 'Text', { ConditionType: 'Like', Value: 'a.%' })).toEqual([
      'a.c',
    ]);
    expect(passing(['a.c', '(x'], 'Text', { ConditionType: 'Like', Value: '(%' })).toEqual(['(x']);
  });
});

const noRows = column([], 'Text');

describe('rejected conditions', () => {
  it.each([
    ['an unknown type', { ConditionType: 'Near', Value: 1 }, /Near.*NotBetwenInclusive/u],
    ['a word for a number', { ConditionType: 'Equal', Value: 'x' }, /a number, not 'x'/u],
    ['no value', { ConditionType: 'Equal' }, /needs a Value/u],
    ['three bounds', { ConditionType: 'BetweenInclusive', List: [1, 2, 3] }, /two bounds/u],
    ['a value that is an object', { ConditionType: 'Equal', Value: {} }, /list or an object/u],
    ['an unknown member', { ConditionType: 'Null', Vlaue: 1 }, /unknown member 'Vlaue'/u],
    ['a list that is none', { ConditionType: 'List', List: 7 }, /List must be/u],
  ])('name what is wrong with %s', (_, condition, message) => {
    expect(() => passing(numbers, 'BigInt', condition)).toThrow(message);
  });

  it('name an invalid group', () => {
    expect(() =>
      parseCondition(
        { SearchConditionGroup: { ConditionGroupType: 'Xor', Conditions: [] } },
        noRows,
      ),
    ).toThrow(/'And' or 'Or'/u);
    expect(() =>
      parseCondition(
        { SearchConditionGroup: { ConditionGroupType: 'And', Conditions: {} } },
        noRows,
      ),
    ).toThrow(/must be a list/u);
    expect(() => parseCondition({}, noRows)).toThrow(/exactly one/u);
  });
});

function inOrder(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}

describe('properties of conditions', () => {
  const pairs = [
    ['Equal', 'NotEqual'],
    ['Less', 'GreaterEqual'],
    ['Greater', 'LessEqual'],
    ['BetweenInclusive', 'NotBetwenInclusive'],
    ['BetweenExclusive', 'NotBetwenExclusive'],
    ['List', 'NotList'],
    ['Like', 'NotLike'],
    ['Begins', 'NotBegins'],
    ['Contains', 'NotContains'],
    ['Ends', 'NotEnds'],
  ] as const;

  it('each existing value matches a type or its opposite', () => {
    fc.assert(
      fc.property(
        fc.array(fc.option(fc.stringMatching(/^[a-cA-C%_.]{0,4}$/u))),
        fc.constantFrom(...pairs),
        fc.stringMatching(/^[a-cA-C]{0,2}$/u),
        fc.stringMatching(/^[a-cA-C]{0,2}$/u),
        (values, [one, other], low, high) => {
          const operand = { Value: low, List: [low, high] };
          const passed = [one, other].flatMap((ConditionType) =>
            passing(values, 'Text', { ConditionType, ...operand }),
          );
          const present = values.filter((value) => value !== null);
          expect(passed.map(String).toSorted(inOrder)).toEqual(present.toSorted(inOrder));
        },
      ),
    );
  });

  it('nested groups are And and Or', () => {
    interface Tree {
      type: 'And' | 'Or';
      parts: (Tree | number)[];
    }
    const { tree } = fc.letrec<{ tree: Tree; part: Tree | number }>((tie) => ({
      tree: fc.record({
        type: fc.constantFrom('And', 'Or'),
        parts: fc.array(tie('part'), { minLength: 1, maxLength: 3 }),
      }),
      part: fc.oneof({ depthSize: 'small' }, fc.integer({ min: 0, max: 9 }), tie('tree')),
    }));
    const body = (part: Tree | number): unknown =>
      typeof part === 'number'
        ? { LongSearchCondition: { FieldName: 'X', ConditionType: 'LessEqual', Value: part } }
        : {
            SearchConditionGroup: {
              ConditionGroupType: part.type,
              Conditions: part.parts.map(body),
            },
          };
    const holds = (part: Tree | number, value: number): boolean => {
      if (typeof part === 'number') return value <= part;
      return part.type === 'And'
        ? part.parts.every((each) => holds(each, value))
        : part.parts.some((each) => holds(each, value));
    };
    const digits = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
    fc.assert(
      fc.property(tree, (part) => {
        const test = parseCondition(body(part), column(digits, 'Int'));
        expect(digits.filter((_, row) => test(row))).toEqual(
          digits.filter((digit) => holds(part, digit)),
        );
      }),
    );
  });

  it('every type has a unique name', () => {
    expect(new Set(conditionTypes).size).toBe(22);
  });
});
