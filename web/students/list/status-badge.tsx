/** The person badge next to a student's name: shown for every status but Enrolled, with the reason. */
import { Popover } from '@mantine/core';
import { useState } from 'react';

import type { Status } from '../../../src/contract/values.ts';
import { statusLabels } from '../../../src/enrollment/enrollment-status.ts';
import { PersonIcon } from '../../shell/icons.tsx';

interface StatusBadgeProps {
  readonly status: Status;
  readonly reason: string;
  /** Shows the status as text next to the icon. */
  readonly withLabel?: boolean;
}

/** The reason opens on hover, focus and tap; screen readers read it as the button's name, which begins with the status. */
export function StatusBadge({ status, reason, withLabel = false }: StatusBadgeProps) {
  const [isOpen, setOpen] = useState(false);
  if (status === 'ENROLLED') return null;
  return (
    <Popover
      opened={isOpen}
      onChange={setOpen}
      width={280}
      position="bottom-start"
      shadow="md"
      transitionProps={{ duration: 0 }}
      withRoles={false}
      // Inside the landmark but outside the table, which would clip it.
      portalProps={{ target: '#content' }}
    >
      <Popover.Target>
        <button
          type="button"
          className="status-badge"
          data-status={status}
          aria-label={reason}
          onMouseEnter={() => setOpen(true)}
          onMouseLeave={() => setOpen(false)}
          onFocus={() => setOpen(true)}
          onBlur={() => setOpen(false)}
          onClick={() => setOpen(true)}
          onKeyDown={(event) => event.key === 'Escape' && setOpen(false)}
        >
          <PersonIcon />
          {withLabel && <span>{statusLabels[status]}</span>}
        </button>
      </Popover.Target>
      <Popover.Dropdown className="status-card" role="tooltip">
        <p className="quiet">Enrollment status</p>
        <p>{reason}</p>
      </Popover.Dropdown>
    </Popover>
  );
}
