/** The letterhead of printed documents: lines of text and a logo. */
import { Button, FileButton, Group, Skeleton, Textarea } from '@mantine/core';
import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';

import { type Letterhead, letterheadLimits, formsApi } from '../../src/contract/documents/forms.ts';
import { ApiError, callApi } from '../api/api-client.ts';
import { useDistrict, useDomain } from '../districts/district-query.ts';
import { useNotice } from '../shell/notices.tsx';
import { ProblemNotice } from '../shell/problem-notice.tsx';

const letterheadQuery = (domain: string) =>
  queryOptions({
    queryKey: [domain, 'letterhead'],
    queryFn: ({ signal }) => callApi(formsApi.getLetterhead, { domain }, signal),
  });

export function LetterheadSection() {
  const { data, error, refetch } = useQuery(letterheadQuery(useDomain()));
  if (error && data === undefined) {
    return (
      <ProblemNotice
        title="Couldn’t load the letterhead"
        error={error}
        onRetry={() => void refetch()}
      />
    );
  }
  return data === undefined ? (
    <Skeleton height={160} radius="md" />
  ) : (
    <LetterheadForm stored={data} />
  );
}

function LetterheadForm({ stored }: { readonly stored: Letterhead }) {
  const domain = useDomain();
  const { name } = useDistrict();
  const queries = useQueryClient();
  const notify = useNotice();
  const [text, setText] = useState(stored.lines.join('\n'));
  const [logo, setLogo] = useState(stored.logo);
  const [problem, setProblem] = useState<Error | null>(null);
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const save = useMutation({
    mutationFn: async () => callApi(formsApi.saveLetterhead, { domain, body: { lines, logo } }),
    onSuccess: (saved) => {
      queries.setQueryData(letterheadQuery(domain).queryKey, saved);
      notify({ message: 'Saved. It appears on every document printed from now on.' });
    },
  });
  const chooseLogo = async (file: File | null) => {
    if (file === null) return;
    const isFitting =
      file.size <= letterheadLimits.logoBytes && /^image\/(png|jpeg)$/.test(file.type);
    setProblem(
      isFitting
        ? null
        : new ApiError('unreadable', 'The logo must be a PNG or JPEG file of up to 300 KB.', {
            advice: 'Choose another or a smaller file.',
          }),
    );
    if (isFitting) setLogo(await dataUrlOf(file));
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate();
  };
  return (
    <form className="letterhead" onSubmit={submit}>
      <Textarea
        label="Lines (the first one is printed large)"
        description={`Name, address, phone; up to ${letterheadLimits.lines} lines.`}
        rows={4}
        value={text}
        {...(lines.length > letterheadLimits.lines && { error: 'There are too many lines.' })}
        onChange={({ currentTarget }) => setText(currentTarget.value)}
      />
      {logo !== null && <img className="letterhead-logo" src={logo} alt={`Logo of ${name}`} />}
      <Group gap="sm">
        <FileButton accept="image/png,image/jpeg" onChange={(file) => void chooseLogo(file)}>
          {(props) => (
            <Button {...props} variant="default">
              {logo === null ? 'Choose a logo' : 'Choose another logo'}
            </Button>
          )}
        </FileButton>
        {logo !== null && (
          <Button variant="default" onClick={() => setLogo(null)}>
            Remove logo
          </Button>
        )}
        <Button
          type="submit"
          loading={save.isPending}
          disabled={lines.length > letterheadLimits.lines}
        >
          Save
        </Button>
      </Group>
      {problem && <ProblemNotice title="Couldn’t use this file" error={problem} />}
      {save.error && <ProblemNotice title="Couldn’t save" error={save.error} />}
    </form>
  );
}

async function dataUrlOf(file: File): Promise<string> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  const text = Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
  return `data:${file.type};base64,${btoa(text)}`;
}
