/** Leads from the form library to the PDF forms, and back. */
import '../shell/list-toolbar.css';

import { Link } from '@tanstack/react-router';

import { useDomain } from '../districts/district-query.ts';

export function FormTabs() {
  const params = { domain: useDomain() };
  return (
    <nav aria-label="Kinds of forms" className="view-links">
      <Link to="/a/$domain/forms" params={params} className="view-link">
        Form library
      </Link>
      <Link to="/a/$domain/pdf-forms" params={params} className="view-link">
        PDF forms
      </Link>
    </nav>
  );
}
