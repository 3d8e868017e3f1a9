/* What differs from PyPI's wheel, which is built with all of PJSIP's defaults. */
#define PJ_HAS_IPV6 1
#define PJSUA_MAX_CALLS 32
/* select() of 64 would carry 28 calls at most: two sockets a call. */
#define PJ_IOQUEUE_MAX_HANDLES 256
/* No picture, and no sound device of the library's own (--disable-sound). */
#define PJMEDIA_HAS_VIDEO 0
