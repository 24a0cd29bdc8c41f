/** What else an administrator has to do, each with the page where it is done. */
import { Link, type LinkProps } from '@tanstack/react-router';
import type { ReactNode } from 'react';

import { formatDay } from '../../src/contract/day-format.ts';
import type { AdministratorHome } from '../../src/contract/home.ts';
import { useDistrict, useDomain } from '../districts/district-query.ts';
import { formatCount } from '../imports/run-labels.ts';
import { daysUntil } from '../shell/dates.ts';
import { HomeCard, HomeItem, HomeList } from './home-card.tsx';

export function AttentionCard({ home }: { readonly home: AdministratorHome }) {
  const { duplicates, accessExpiresOn, documents, lastCompleted } = home;
  const issues = lastCompleted?.issues ?? 0;
  const items = [
    accessExpiresOn !== null && <AccessItem key="access" expiresOn={accessExpiresOn} />,
    duplicates > 0 && (
      <Item key="duplicates" count={duplicates} to="/a/$domain/duplicates">
        {duplicates === 1 ? 'possible duplicate to review' : 'possible duplicates to review'}
      </Item>
    ),
    issues > 0 && (
      <Item key="issues" count={issues} to="/a/$domain/import-issues">
        {issues === 1 ? 'import issue to fix in Skyward' : 'import issues to fix in Skyward'}
      </Item>
    ),
    documents.overdue > 0 && (
      <Item
        key="overdue"
        count={documents.overdue}
        to="/a/$domain/documents"
        search={{ due: 'overdue' }}
      >
        {documents.overdue === 1 ? 'document overdue' : 'documents overdue'}
      </Item>
    ),
    documents.dueThisWeek > 0 && (
      <Item
        key="week"
        count={documents.dueThisWeek}
        to="/a/$domain/documents"
        search={{ due: 'week' }}
      >
        {documents.dueThisWeek === 1 ? 'document due this week' : 'documents due this week'}
      </Item>
    ),
    documents.changed > 0 && (
      <Item
        key="changed"
        count={documents.changed}
        to="/a/$domain/documents"
        search={{ changed: 'yes' }}
      >
        {documents.changed === 1
          ? 'document whose student information has changed'
          : 'documents whose student information has changed'}
      </Item>
    ),
  ].filter((item) => item !== false);
  return (
    <HomeCard title="Needs attention">
      <HomeList empty="Nothing needs attention.">{items}</HomeList>
    </HomeCard>
  );
}

function AccessItem({ expiresOn }: { readonly expiresOn: string }) {
  const domain = useDomain();
  const { today } = useDistrict();
  const days = daysUntil(today, expiresOn);
  return (
    <HomeItem
      link={
        <Link to="/help/$page" params={{ page: 'setup' }} className="home-item">
          {days < 0
            ? `The Skyward access expired on ${formatDay(expiresOn)}`
            : `The Skyward access expires on ${formatDay(expiresOn)}`}
        </Link>
      }
    >
      {days < 0 ? 'Student data is not updated. ' : ''}Extend it in Skyward.{' '}
      <Link to="/a/$domain/settings" params={{ domain }}>
        District Information
      </Link>
    </HomeItem>
  );
}

interface ItemProps {
  readonly count: number;
  readonly to: NonNullable<LinkProps['to']>;
  readonly search?: LinkProps['search'];
  readonly children: ReactNode;
}

function Item({ count, to, search, children }: ItemProps) {
  const domain = useDomain();
  return (
    <HomeItem
      link={
        <Link to={to} params={{ domain }} search={search ?? {}} className="home-item">
          <strong>{formatCount(count)}</strong> {children}
        </Link>
      }
    />
  );
}
