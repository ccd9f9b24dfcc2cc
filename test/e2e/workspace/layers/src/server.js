console.log('under way');
