/** The frame of a page under Settings. */
import './settings.css';

import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';

import type { DistrictInformation } from '../../src/contract/districts/district-information.ts';
import { useDomain } from '../districts/district-query.ts';
import { ProblemNotice } from '../shell/problem-notice.tsx';
import { ScreenTitle } from '../shell/screen-title.tsx';
import { informationQuery } from './settings-queries.ts';

interface SettingsPageProps {
  readonly title: string;
  /** What the page is for, in a sentence. */
  readonly introduction?: string;
  readonly children: ReactNode;
}

export const SettingsPage = ({ title, introduction, children }: SettingsPageProps) => (
  <div className="screen">
    <p className="quiet over-title">Settings</p>
    <ScreenTitle name={title}>{title}</ScreenTitle>
    {introduction !== undefined && <p className="quiet">{introduction}</p>}
    <div className="settings">{children}</div>
  </div>
);

interface InformationProps {
  readonly children: (information: DistrictInformation) => ReactNode;
}

/** Loads the district's settings and connection. */
export function Information({ children }: InformationProps) {
  const { data, error, refetch } = useQuery(informationQuery(useDomain()));
  if (data !== undefined) return children(data);
  return error ? (
    <ProblemNotice
      title="Couldn’t load the settings"
      error={error}
      onRetry={() => void refetch()}
    />
  ) : (
    <Skeleton height={360} radius="md" />
  );
}

interface SettingsPartProps {
  /** Absent: the page has one part, and its title says what it is. */
  readonly title?: string;
  readonly children: ReactNode;
}

/** A card of the page. */
export const SettingsPart = ({ title, children }: SettingsPartProps) => (
  <section className="settings-part" {...(title !== undefined && { 'aria-label': title })}>
    {title !== undefined && <h2>{title}</h2>}
    {children}
  </section>
);
