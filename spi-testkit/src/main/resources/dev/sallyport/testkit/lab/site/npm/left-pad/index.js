'use strict';

module.exports = (text, length, filler) => String(text).padStart(length, filler);
