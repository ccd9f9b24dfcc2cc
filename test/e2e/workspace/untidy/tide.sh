#!/bin/sh
curl -fsS "https://tide.example/$2"
