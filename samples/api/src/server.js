import express from 'express';

const app = express();
app.get('/berths', (request, response) => response.json([{ berth: 1, ship: 'Aurora' }]));
app.get('/healthz', (request, response) => response.sendStatus(204));
app.listen(3000);
