/** The import on hold: why, what it would change, and the decision. */
import { Link } from '@tanstack/react-router';

import type { AdministratorHome } from '../../src/contract/home.ts';
import { useDistrict, useDomain } from '../districts/district-query.ts';
import { ReviewButtons } from '../imports/held-review.tsx';
import { formatAge } from '../imports/import-state.ts';
import { useImportStatus } from '../imports/import-status-query.ts';
import { formatCount } from '../imports/run-labels.ts';
import { HomeCard } from './home-card.tsx';

type HeldImport = NonNullable<AdministratorHome['held']>;

export function HeldCard({ held }: { readonly held: HeldImport }) {
  const domain = useDomain();
  const { timeZone } = useDistrict();
  const { now } = useImportStatus(domain);
  const changes = formatChanges(held);
  return (
    <HomeCard title="Import on hold: needs review" tone="warning">
      <p>
        {held.reason}{' '}
        <span className="quiet">On hold since {formatAge(held.since, timeZone, now)}.</span>
      </p>
      {changes !== '' && <p>It would change: {changes}.</p>}
      <div className="home-buttons">
        <ReviewButtons
          runId={held.runId}
          preview={
            <Link to="/a/$domain/imports/$runId" params={{ domain, runId: `${held.runId}` }}>
              Preview of changes
            </Link>
          }
        />
      </div>
    </HomeCard>
  );
}

function formatChanges({ changes }: HeldImport): string {
  if (changes === null) return '';
  const { status, missing, added, changed } = changes;
  return [
    part(missing, 'student no longer in Skyward', 'students no longer in Skyward'),
    part(status, 'status', 'statuses'),
    part(added, 'new student', 'new students'),
    part(changed, 'other update', 'other updates'),
  ]
    .filter((text) => text !== '')
    .join(', ');
}

const part = (count: number, one: string, many: string): string =>
  count === 0 ? '' : `${formatCount(count)} ${count === 1 ? one : many}`;
