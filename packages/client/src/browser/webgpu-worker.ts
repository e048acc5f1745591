/** @module The worker that computes on the graphics card. */
import * as ort from 'onnxruntime-web/jspi';
import { serveSession } from './serve-session.ts';

serveSession(ort, 'webgpu');
