/** What can be created from any screen: a document of each form, by special program, and a student. */
import { Popover } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';

import { formsQuery } from '../documents/document-queries.ts';
import { ChevronIcon } from './icons.tsx';

export function CreateMenu({ domain }: { readonly domain: string }) {
  const [isOpen, setOpen] = useState(false);
  const { data, error } = useQuery({ ...formsQuery(domain), enabled: isOpen });
  const groups = Map.groupBy(data?.forms ?? [], ({ group }) => group);
  const close = () => setOpen(false);
  return (
    <Popover
      opened={isOpen}
      onChange={setOpen}
      position="bottom-end"
      width={296}
      shadow="md"
      transitionProps={{ duration: 0 }}
      withinPortal={false}
      withRoles={false}
      returnFocus
    >
      <Popover.Target>
        <button
          type="button"
          className="create"
          aria-label="Create new"
          aria-expanded={isOpen}
          onClick={() => setOpen(!isOpen)}
        >
          <span aria-hidden>+</span>
          <span className="create-words" aria-hidden>
            Create new
          </span>
          <ChevronIcon />
        </button>
      </Popover.Target>
      <Popover.Dropdown className="person-menu create-menu">
        <Link
          to="/a/$domain/students/new"
          params={{ domain }}
          className="menu-item"
          onClick={close}
        >
          Student
        </Link>
        {isOpen && data === undefined && (
          <p className="quiet">
            {error === null ? 'The forms are coming …' : 'The forms could not be loaded.'}
          </p>
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
      </Popover.Dropdown>
    </Popover>
  );
}
