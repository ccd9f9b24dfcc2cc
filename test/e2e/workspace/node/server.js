require('node:http')
  .createServer((_, response) => response.end('2 berths free\n'))
  .listen(3000);
