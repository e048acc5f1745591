/** @module The Studio: photos, a training, models. */
import { useEffect } from 'preact/hooks';
import { language } from '../messages/messages.ts';
import { studioMessages } from './messages/messages.ts';
import { startPhotos } from './state/photos.ts';
import { config, phase, startTrainer } from './state/training.ts';
import { DropZone } from './view/drop-zone.tsx';
import { Erase } from './view/erase.tsx';
import { FindFaces } from './view/find-faces.tsx';
import { OwnModels } from './view/own-models.tsx';
import { PhotoGrid } from './view/photo-grid.tsx';
import { RunPanel } from './view/run-panel.tsx';
import { StartPanel } from './view/start-panel.tsx';
import './studio.css';

function SetUp() {
  const text = studioMessages.value;
  return (
    <div class="set-up">
      <section class="panel photo-panel">
        <h2>{text.photosTitle}</h2>
        <DropZone />
        <FindFaces />
        <PhotoGrid />
      </section>
      <StartPanel />
    </div>
  );
}

export function Studio() {
  useEffect(() => {
    startPhotos();
    startTrainer();
  }, []);
  const text = studioMessages.value;
  const hasRun = config.value !== null;
  return (
    <article class="studio-page" lang={language.value}>
      <header>
        <h2>{text.title}</h2>
        <p class="lead">{text.lead}</p>
        <p class="privacy">{text.privacy}</p>
      </header>
      {hasRun ? <RunPanel /> : phase.value !== 'opening' && <SetUp />}
      <OwnModels />
      <Erase />
    </article>
  );
}
