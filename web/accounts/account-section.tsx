/** A framed part of the account and people screens. */
import type { ReactNode } from 'react';

/** A part of the screen under a heading of its own. */
export function Section({
  title,
  children,
}: {
  readonly title: string;
  readonly children: ReactNode;
}) {
  return (
    <section className="account-section" aria-label={title}>
      <h2>{title}</h2>
      {children}
    </section>
  );
}
