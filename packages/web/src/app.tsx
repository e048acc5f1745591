/** @module The page. */
import { useSignal } from '@preact/signals';
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
import { ToTop } from './ui/to-top.tsx';

/** Loaded when it is opened, since few visitors read it. */
function HowItWorks() {
  const panel = useSignal<{ Panel: ComponentType } | null>(null);
  useEffect(() => {
    void import('./explain/panel.tsx').then((loaded) => {
      panel.value = loaded;
    });
  }, []);
  const Panel = panel.value?.Panel;
  return <main class="how">{Panel && <Panel />}</main>;
}

/** Loaded when it is opened. */
function StudioPage() {
  const loaded = useSignal<{ Studio: ComponentType } | null>(null);
  useEffect(() => {
    void import('./studio/studio.tsx').then((studio) => {
      loaded.value = studio;
    });
  }, []);
  const Studio = loaded.value?.Studio;
  return <main class="studio">{Studio && <Studio />}</main>;
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
      <div class={notice.value === '' ? 'notice' : 'notice shown'} role="status">
        {notice.value}
      </div>
    </>
  );
}
