/** The menu for creating a student, or a document of each form by special program. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';

import { formsQuery } from '../../documents/document-queries.ts';
import { HeaderMenu } from './header-menu.tsx';

export function CreateMenu({ domain }: { readonly domain: string }) {
  const [isOpen, setOpen] = useState(false);
  const { data, error } = useQuery({ ...formsQuery(domain), enabled: isOpen });
  const groups = Map.groupBy(data?.forms ?? [], ({ group }) => group);
  const close = () => setOpen(false);
  return (
    <HeaderMenu
      className="create"
      label="Create new"
      button={
        <>
          <span aria-hidden>+</span>
          <span className="create-words" aria-hidden>
            Create new
          </span>
        </>
      }
      isOpen={isOpen}
      onToggle={setOpen}
      menuClassName="create-menu"
    >
      <Link to="/a/$domain/students/new" params={{ domain }} className="menu-item" onClick={close}>
        Student
      </Link>
      {isOpen && data === undefined && (
        <p className="quiet">{error === null ? 'Loading forms …' : 'Couldn’t load the forms.'}</p>
      )}
      {[...groups].map(([group, forms]) => (
        <section key={group} aria-label={group}>
          <p className="quiet">{group}</p>
          {forms.map(({ key, title }) => (
            <Link
              key={key}
              to="/a/$domain/documents/new"
              params={{ domain }}
              search={{ form: key }}
              className="menu-item"
              onClick={close}
            >
              {title}
            </Link>
          ))}
        </section>
      ))}
    </HeaderMenu>
  );
}
