/** @module The page. */
import type { ComponentType } from 'preact';
import { useEffect } from 'preact/hooks';
import { failure, maker } from './engine/engine.ts';
import { Browse } from './grid/browse.tsx';
import { Header } from './header/header.tsx';
import { messages } from './messages/messages.ts';
import { Stage } from './stage/stage.tsx';
import { notice, notify } from './state/notice.ts';
import { type Page, page } from './state/page-state.ts';
import { Footer } from './ui/footer.tsx';
import { PagePart } from './ui/page-part.tsx';
import { ToTop } from './ui/to-top.tsx';
import { UpdateBar } from './ui/update-bar.tsx';

function HowItWorks() {
  return (
    <main class="how">
      <PagePart load={async () => (await import('./explain/panel.tsx')).Panel} />
    </main>
  );
}

function StudioPage() {
  return (
    <main class="studio">
      <PagePart load={async () => (await import('./studio/studio.tsx')).Studio} />
    </main>
  );
}

const PAGES: Readonly<Record<Page, ComponentType>> = { gallery: Gallery, how: HowItWorks, studio: StudioPage };

function Gallery() {
  return (
    <main class="gallery">
      <Stage />
      {failure.value === null && <Browse />}
      <ToTop />
    </main>
  );
}

export function App() {
  const fellBack = maker.fellBack.value;
  const Shown = PAGES[page.value];
  useEffect(() => {
    if (fellBack) notify(messages.peek().fellBack);
  }, [fellBack]);
  return (
    <>
      <Header />
      <Shown />
      {page.value !== 'studio' && <Footer />}
      <UpdateBar />
      <div class={notice.value === '' ? 'notice' : 'notice shown'} role="status">
        {notice.value}
      </div>
    </>
  );
}
