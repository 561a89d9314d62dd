"""An SBI device that does not exist: made-up people or a folder of images, and every fault on request."""
