/** The Documents tab: says what will be here. */
import { Title } from '@mantine/core';

export function DocumentsTab() {
  return (
    <section className="empty" aria-labelledby="documents-to-come">
      <Title order={2} id="documents-to-come" size="h4">
        No documents yet
      </Title>
      <p className="quiet">
        Documents of special programs, such as an education plan, will be created here. A new one
        begins filled in with what Details says about the student and the parents that day.
      </p>
    </section>
  );
}
