import { serve } from './http.mjs'

console.log('waiting for \u001b]0;title\u0007migrations')
serve({ 'GET /health': () => ({ status: 503 }) })
