/** A button of the header with a menu. */
import { Popover } from '@mantine/core';
import type { ReactNode } from 'react';

import { ChevronIcon } from './icons.tsx';

interface HeaderMenuProps {
  /** Class of the button. */
  readonly className: string;
  /** The accessible name of the button, if its content is not enough. */
  readonly label?: string;
  /** Inside the button. */
  readonly button: ReactNode;
  readonly isOpen: boolean;
  readonly onToggle: (isOpen: boolean) => void;
  /** Class of the menu, in addition to `person-menu`. */
  readonly menuClassName?: string;
  readonly children: ReactNode;
}

export function HeaderMenu({
  className,
  label,
  button,
  isOpen,
  onToggle,
  menuClassName = '',
  children,
}: HeaderMenuProps) {
  return (
    <Popover
      opened={isOpen}
      onChange={onToggle}
      position="bottom-end"
      width={296}
      shadow="md"
      transitionProps={{ duration: 0 }}
      // Rendered in the header, so that it is next in the tab order and inside a landmark.
      withinPortal={false}
      withRoles={false}
      returnFocus
    >
      <Popover.Target>
        <button
          type="button"
          className={className}
          aria-expanded={isOpen}
          {...(label !== undefined && { 'aria-label': label })}
          onClick={() => onToggle(!isOpen)}
          // The popover handles only keys inside it, and the focus is still on the button.
          onKeyDown={({ key }) => key === 'Escape' && onToggle(false)}
        >
          {button}
          <ChevronIcon />
        </button>
      </Popover.Target>
      <Popover.Dropdown className={`person-menu ${menuClassName}`.trim()}>
        {children}
      </Popover.Dropdown>
    </Popover>
  );
}
