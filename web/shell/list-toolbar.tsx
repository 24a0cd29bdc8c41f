/** The toolbar of a list, the same above every one: views and actions, then search and filters. */
import './list-toolbar.css';

import { Button } from '@mantine/core';
import type { ReactNode } from 'react';

interface ListToolbarProps {
  /** Links to views of the list, in a `nav` with the class `view-links`. */
  readonly views: ReactNode;
  readonly actions?: ReactNode;
  readonly search: ReactNode;
  readonly filters: ReactNode;
  /** Absent if nothing is filtered. */
  readonly onClear?: (() => void) | undefined;
}

export const ListToolbar = ({ views, actions, search, filters, onClear }: ListToolbarProps) => (
  <div className="list-toolbar">
    <div className="tool-row">
      {views}
      {actions !== undefined && <div className="list-actions">{actions}</div>}
    </div>
    <div className="tool-row">
      {search}
      <div className="list-filters">
        {filters}
        {onClear && (
          <Button variant="subtle" size="compact-sm" onClick={onClear}>
            Clear filters
          </Button>
        )}
      </div>
    </div>
  </div>
);
