/** A framed section of the account and user screens. */
import type { ReactNode } from 'react';

/** A section of the screen with its own heading. */
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
