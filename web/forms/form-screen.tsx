/** The page of one of the district's forms: editor and version history. */
import './forms.css';
import '../documents/documents.css';

import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';

import { useDistrict } from '../districts/district-query.ts';
import { formatInstant } from '../shell/dates.ts';
import { LoadingRows } from '../shell/list-state.tsx';
import { ProblemNotice } from '../shell/problem-notice.tsx';
import { ScreenTitle } from '../shell/screen-title.tsx';
import { FormEditor } from './form-editor.tsx';
import { formTemplateQuery } from './form-queries.ts';

export function FormScreen() {
  const { domain, formKey } = useParams({ from: '/signed-in/a/$domain/forms/$formKey' });
  const { timeZone } = useDistrict();
  const { data, error, refetch } = useQuery(formTemplateQuery(domain, formKey));
  const title = data?.template.title ?? 'Form';
  const { version = 0, ...draft } = data?.template ?? {};
  return (
    <div className="screen">
      <nav aria-label="Breadcrumb" className="breadcrumb">
        <Link to="/a/$domain/forms" params={{ domain }}>
          Form library
        </Link>
      </nav>
      <ScreenTitle name={title}>{title}</ScreenTitle>
      {data === undefined && error === null && <LoadingRows label="Loading the form" />}
      {data === undefined && error !== null && (
        <ProblemNotice
          title="The form could not be loaded"
          error={error}
          onRetry={() => void refetch()}
        />
      )}
      {data?.origin === 'built-in' && (
        <p>This is a built-in form. To change it, copy it in the form library.</p>
      )}
      {data?.origin === 'district' && 'key' in draft && (
        <>
          <FormEditor key={version} draft={draft} seen={version} onSaved={() => void refetch()} />
          <section aria-labelledby="versions-title" className="form-versions">
            <h2 id="versions-title">Version history</h2>
            <ol>
              {data.versions.map((one) => (
                <li key={one.version}>
                  Version {one.version}: {formatInstant(one.at, timeZone)} by {one.by}
                </li>
              ))}
            </ol>
          </section>
        </>
      )}
    </div>
  );
}
