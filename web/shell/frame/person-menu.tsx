/** The menu of the signed-in user at the top right: account, colors, signing out. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';

import { type Session, sessionApi } from '../../../src/contract/accounts/session.ts';
import { roleLabels } from '../../accounts/users/role-labels.ts';
import { sessionQuery } from '../../accounts/session-query.ts';
import { callApi } from '../../api/api-client.ts';
import { ColorSchemeChoice } from './color-scheme-choice.tsx';
import { HeaderMenu } from './header-menu.tsx';

export function PersonMenu({ session }: { readonly session: Session }) {
  const { name, email, role } = session.account;
  const [isOpen, setOpen] = useState(false);
  const leave = useSignOut();
  return (
    <HeaderMenu
      className="person"
      button={
        <>
          <span className="person-initials" aria-hidden>
            {getInitials(name)}
          </span>
          <span className="person-name">
            {name}
            <span className="person-role">{roleLabels[role]}</span>
          </span>
        </>
      }
      isOpen={isOpen}
      onToggle={setOpen}
    >
      <p className="quiet">
        Signed in as <span className="block">{email}</span>
      </p>
      <Link to="/account" className="menu-item" onClick={() => setOpen(false)}>
        Your account
      </Link>
      <Link to="/help" className="menu-item" onClick={() => setOpen(false)}>
        Help
      </Link>
      <ColorSchemeChoice />
      <button
        type="button"
        className="menu-item"
        disabled={leave.isPending}
        onClick={() => leave.mutate()}
      >
        Sign out
      </button>
    </HeaderMenu>
  );
}

/** Returns the first letters of the first and last word: `JA` for Jordan Avery. */
function getInitials(name: string): string {
  const words = name.split(/\s+/).filter((word) => word !== '');
  const ends = words.length > 1 ? [words[0], words.at(-1)] : words;
  return ends.map((word) => word?.match(/^./u)?.[0] ?? '').join('');
}

/** Ends the session and clears all data of this page. */
function useSignOut() {
  const queries = useQueryClient();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: () => callApi(sessionApi.signOut, {}),
    onSettled: async () => {
      // Leaves the screens first; they would show the dialog for a session that has ended.
      await navigate({ to: '/sign-in' });
      // Removes the user's records from memory.
      queries.clear();
      queries.setQueryData(sessionQuery.queryKey, null);
    },
  });
}
