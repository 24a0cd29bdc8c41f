import { describe, expect, it } from 'vitest';

import { bindings } from './bindings.ts';
import { exampleDetails } from './example-details.ts';
import { fillFields } from './filled-values.ts';
import { builtInForms } from './built-in-forms.ts';

/** The example student has two guardians. */
const isFilled = (path: string) => !/guardians\[[34]\]/.test(path);

describe('the example student of previews', () => {
  it.each(bindings.filter(({ path }) => isFilled(path)).map((one) => [one.path, one] as const))(
    'has %s',
    (_, { read }) => {
      expect(read(exampleDetails())).toHaveProperty('value');
    },
  );

  it('has exactly the examples of the catalog', () => {
    const compared = bindings
      .filter(({ path, holds }) => holds !== 'people' && !/guardians\[[234]\]/.test(path))
      .map(({ path, read, example }) => [path, read(exampleDetails()), example] as const);
    expect(compared.map(([path, reading]) => [path, 'value' in reading && reading.value])).toEqual(
      compared.map(([path, , example]) => [path, example]),
    );
  });

  it('fills every bound field of every built-in form', () => {
    for (const form of builtInForms) {
      const notes = Object.values(fillFields(form, exampleDetails())).map(({ note }) => note);
      expect(notes.filter((note) => note !== null)).toEqual([]);
    }
  });
});
