/** The menu: at the left side of a window, at the bottom of a phone with everything else behind a button. */
import { CloseButton } from '@mantine/core';
import { useLocalStorage } from '@mantine/hooks';
import { Link } from '@tanstack/react-router';
import { useId, useState } from 'react';

import type { Session } from '../../../src/contract/accounts/session.ts';
import { Dialog } from '../dialog.tsx';
import { BrandMark, LineIcon } from '../icons.tsx';
import {
  listFrequentItems,
  listNavigation,
  type NavigationGroup,
  type NavigationItem,
} from './navigation-items.ts';

interface NavigationProps {
  readonly session: Session;
  /** Undefined outside of a district. */
  readonly domain: string | undefined;
}

/** Whether this user wants only icons in this browser. */
function useNarrow({ account: { email } }: Session) {
  return useLocalStorage({
    key: `narrow-menu ${email}`,
    defaultValue: false,
    getInitialValueInEffect: false,
  });
}

export function Sidebar({ session, domain }: NavigationProps) {
  const [isNarrow, setNarrow] = useNarrow(session);
  return (
    <nav aria-label="Menu" className="sidebar" data-narrow={isNarrow || undefined}>
      <Link to="/" className="brand" aria-label={`${session.product}: home`}>
        <BrandMark />
        <span className="menu-label">{session.product}</span>
      </Link>
      <div className="sidebar-menu">
        <Groups
          groups={listNavigation(session.account.role, domain !== undefined)}
          domain={domain}
        />
      </div>
      <button
        type="button"
        className="menu-link sidebar-toggle"
        aria-expanded={!isNarrow}
        title={isNarrow ? 'Expand menu' : undefined}
        onClick={() => setNarrow(!isNarrow)}
      >
        <LineIcon name="sidebar" />
        <span className="menu-label">{isNarrow ? 'Expand menu' : 'Collapse menu'}</span>
      </button>
    </nav>
  );
}

/** The bar at the bottom of a phone. */
export function BottomBar({ session, domain }: NavigationProps) {
  const [isOpen, setOpen] = useState(false);
  const groups = listNavigation(session.account.role, domain !== undefined);
  const frequent = listFrequentItems(groups);
  const hasMore = groups.flatMap(({ items }) => items).length > frequent.length;
  return (
    <>
      <nav aria-label="Quick menu" className="bottom-bar">
        {frequent.map((item) => (
          <ItemLink key={item.to} item={item} label={item.shortName} domain={domain} />
        ))}
        {hasMore && (
          <button
            type="button"
            className="menu-link"
            aria-haspopup="dialog"
            onClick={() => setOpen(true)}
          >
            <LineIcon name="menu" />
            <span className="menu-label">Menu</span>
          </button>
        )}
      </nav>
      <Dialog isOpen={isOpen} title="Menu" className="drawer" onClose={() => setOpen(false)}>
        <CloseButton
          className="drawer-close"
          aria-label="Close the menu"
          onClick={() => setOpen(false)}
        />
        <nav aria-label="Menu" className="drawer-menu">
          <Groups groups={groups} domain={domain} onOpen={() => setOpen(false)} />
        </nav>
      </Dialog>
    </>
  );
}

interface GroupsProps {
  readonly groups: readonly NavigationGroup[];
  readonly domain: string | undefined;
  readonly onOpen?: () => void;
}

function Groups({ groups, domain, onOpen }: GroupsProps) {
  const id = useId();
  return groups.map(({ title, items }, index) => (
    <div className="menu-group" key={title ?? ''}>
      {title !== undefined && (
        <p className="menu-title" id={`${id}${index}`}>
          {title}
        </p>
      )}
      <ul {...(title !== undefined && { 'aria-labelledby': `${id}${index}` })}>
        {items.map((item) => (
          <li key={item.to}>
            <ItemLink item={item} domain={domain} onOpen={onOpen} />
          </li>
        ))}
      </ul>
    </div>
  ));
}

interface ItemLinkProps {
  readonly item: NavigationItem;
  /** Shown in place of the name. */
  readonly label?: string | undefined;
  readonly domain: string | undefined;
  readonly onOpen?: (() => void) | undefined;
}

const ItemLink = ({
  item: { name, to, icon, isExact = false },
  label = name,
  domain,
  onOpen,
}: ItemLinkProps) => (
  <Link
    to={to}
    params={{ domain }}
    className="menu-link"
    title={name}
    activeOptions={{ exact: isExact, includeSearch: false }}
    onClick={onOpen}
  >
    <LineIcon name={icon} />
    <span className="menu-label">{label}</span>
  </Link>
);
