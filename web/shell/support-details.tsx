/** Technical details that only support needs, closed until someone opens them. */
import './support-details.css';

import type { ReactNode } from 'react';

export const SupportDetails = ({ children }: { readonly children: ReactNode }) => (
  <details className="support-details">
    <summary>Details for support</summary>
    <div className="support-details-text">{children}</div>
  </details>
);
