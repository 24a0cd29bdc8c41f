/** Pagination of the list, with a field to jump to a page number. */
import { Button, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';

import { Pager } from '../../shell/pager.tsx';

interface ListPagesProps {
  readonly page: number;
  /** Pages that are known to exist. */
  readonly pages: number;
  /** Whether there are more, uncounted pages. */
  readonly hasMore: boolean;
  readonly onPage: (page: number) => void;
}

/** The field for a page number appears from this number of pages on. */
const minPagesForJump = 8;

export function ListPages({ page, pages, hasMore, onPage }: ListPagesProps) {
  const total = Math.max(pages, hasMore ? page + 1 : page);
  return (
    <Pager page={page} pages={total} onPage={onPage}>
      {total >= minPagesForJump && <PageJump total={total} onPage={onPage} />}
    </Pager>
  );
}

function PageJump({ total, onPage }: Pick<ListPagesProps, 'onPage'> & { readonly total: number }) {
  const [text, setText] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const page = Number(text);
    if (!Number.isInteger(page) || page < 1) return;
    onPage(Math.min(page, total));
    setText('');
  };
  return (
    <form className="page-jump" onSubmit={submit}>
      <TextInput
        type="number"
        size="xs"
        min={1}
        max={total}
        aria-label="Page number"
        placeholder="Page"
        value={text}
        onChange={({ currentTarget }) => setText(currentTarget.value)}
      />
      <Button type="submit" size="xs" variant="default">
        Go
      </Button>
    </form>
  );
}
