/** @module Starts the page. */
import { render } from 'preact';
import { App } from './app.tsx';
import { startEngine } from './engine/engine.ts';
import { startFavourites } from './favourites/favourites.ts';
import { startLanguage } from './messages/messages.ts';
import { loadPreviews } from './opening/preview-pictures.ts';
import { startStagePlayer } from './stage/stage-player.ts';
import { startOffline } from './state/offline.ts';
import { startPageState } from './state/page-state.ts';
import './styles/page.css';
import './styles/controls.css';
import './styles/stage.css';
import './styles/grid.css';
import './styles/explain.css';
import './styles/opening.css';
import './styles/update.css';

startPageState();
void loadPreviews();
void startEngine();
startLanguage();
startFavourites();
startStagePlayer();
render(<App />, document.getElementById('app')!);
startOffline();
