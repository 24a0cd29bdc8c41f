/** A part of the home page with a heading, and its list. */
import { Paper } from '@mantine/core';
import { type ReactNode, useId } from 'react';

import type { StateTone } from '../imports/import-state.ts';

interface HomeListProps {
  /** Shown instead of an empty list. */
  readonly empty: string;
  readonly children: readonly ReactNode[];
}

export const HomeList = ({ empty, children }: HomeListProps) =>
  children.length === 0 ? (
    <p className="quiet">{empty}</p>
  ) : (
    <ul className="home-list">{children}</ul>
  );

interface HomeItemProps {
  /** With the class `home-item`. */
  readonly link: ReactNode;
  /** A second line. */
  readonly children?: ReactNode;
}

export const HomeItem = ({ link, children }: HomeItemProps) => (
  <li>
    {link}
    {children !== undefined && <span className="quiet block">{children}</span>}
  </li>
);

interface HomeCardProps {
  readonly title: string;
  /** How many there are in all, next to the title. */
  readonly count?: number;
  readonly tone?: StateTone;
  /** At the end of the heading, such as a link to the whole list. */
  readonly aside?: ReactNode;
  readonly children: ReactNode;
}

export function HomeCard({ title, count, tone, aside, children }: HomeCardProps) {
  const id = useId();
  return (
    <Paper
      component="section"
      withBorder
      radius="md"
      className="home-card"
      data-tone={tone}
      aria-labelledby={id}
    >
      <div className="home-card-head">
        <h2 id={id}>
          {title}{' '}
          {count !== undefined && count > 0 && <span className="home-card-count">{count}</span>}
        </h2>
        {aside !== undefined && <div className="home-card-aside">{aside}</div>}
      </div>
      {children}
    </Paper>
  );
}
