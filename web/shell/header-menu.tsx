/** A button of the header with what opens below it. */
import { Popover } from '@mantine/core';
import type { ReactNode } from 'react';

import { ChevronIcon } from './icons.tsx';

interface HeaderMenuProps {
  /** Class of the button. */
  readonly className: string;
  /** What the button is called, where its content does not say it. */
  readonly label?: string;
  /** Inside the button. */
  readonly button: ReactNode;
  readonly isOpen: boolean;
  readonly onToggle: (isOpen: boolean) => void;
  /** Class of what opens, beside `person-menu`. */
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
      // Stays in the header: next in the order of the Tab key, and inside a landmark.
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
          // The popover hears only keys inside of itself, and the focus is still here.
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
