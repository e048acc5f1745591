/** @module Starts the page. */
import { render } from 'preact';
import { App } from './app.tsx';
import { startEngine } from './engine/engine.ts';
import { startFavourites } from './favourites/favourites.ts';
import { startLanguage } from './messages/messages.ts';
import { startStagePlayer } from './stage/stage-player.ts';
import { startGridTruncation } from './state/grid-truncation.ts';
import { startOffline } from './state/offline.ts';
import { startPageState } from './state/page-state.ts';
import { startSteps } from './state/step-state.ts';
import './styles/page.css';
import './styles/controls.css';
import './styles/stage.css';
import './styles/steps.css';
import './styles/grid.css';
import './styles/explain.css';

startPageState();
startGridTruncation();
startSteps();
void startEngine();
startLanguage();
startFavourites();
startStagePlayer();
render(<App />, document.getElementById('app')!);
startOffline();
