/** A date within the next 30 days that would change many statuses at once. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';

import { aheadSentence } from '../../src/contract/imports/upcoming-text.ts';
import { useDomain } from '../districts/district-query.ts';
import { dateHoldQuery } from '../imports/upcoming-queries.ts';
import { HomeCard } from './home-card.tsx';

/** Nothing while changes are on hold: they come first. */
export function MassChangeCard() {
  const domain = useDomain();
  const { data } = useQuery(dateHoldQuery(domain));
  if (data?.ahead == null || data.hold !== null) return null;
  const { on, students } = data.ahead;
  return (
    <HomeCard title="Many statuses will change soon" tone="warning">
      <p>{aheadSentence(on, students)}</p>
      <p className="home-links">
        <Link to="/a/$domain/upcoming-changes" params={{ domain }}>
          Upcoming changes
        </Link>
      </p>
    </HomeCard>
  );
}
