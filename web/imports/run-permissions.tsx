/** Fields that are no longer updated because the integration may not read them; only those that matter. */
import { Alert } from '@mantine/core';

import type { ImportRunDetail } from '../../src/contract/imports/import-report.ts';

type MissingField = NonNullable<ImportRunDetail['report']>['missingFields'][number];

export function RunPermissions({ fields }: { readonly fields: readonly MissingField[] }) {
  const isUnsafe = fields.some(({ isSafety }) => isSafety);
  const stale = fields.filter(({ isUsed, isSafety }) => isUsed && !isSafety);
  return (
    <>
      {isUnsafe && (
        <Alert
          component="section"
          role={undefined}
          color="red"
          variant="light"
          className="run-notice"
          title="Restricted access of guardians can’t be read"
        >
          Records don’t show which guardians must not have access to a student. Check this in
          Skyward before you share information. To see it here, have “Restricted access” of
          guardians approved for the integration in Skyward.
        </Alert>
      )}
      {stale.length > 0 && (
        <Alert
          component="section"
          role={undefined}
          color="orange"
          variant="light"
          className="run-notice"
          title="Missing Skyward permissions; these fields aren’t being updated"
        >
          <p>{stale.map(({ label }) => label).join(', ')}.</p>
          <p>
            The values of an earlier import are shown. Have the fields approved for the integration
            in Skyward.
          </p>
        </Alert>
      )}
    </>
  );
}
