/** @module The worker that computes on the CPU. */
import * as ort from 'onnxruntime-web/wasm';
import { serveSession } from './serve-session.ts';

serveSession(ort, 'wasm');
