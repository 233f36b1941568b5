// The picture that stands for a video before it plays, drawn from the file itself; nothing where this browser cannot play it.
const WIDE = 1280;
const PATIENCE = 8000; // milliseconds

const once = (target, name) =>
  new Promise((done, fail) => {
    target.addEventListener(name, done, { once: true });
    target.addEventListener("error", () => fail(new Error(name)), { once: true });
    setTimeout(() => fail(new Error("late")), PATIENCE);
  });

export default async function poster(file) {
  const video = document.createElement("video");
  video.muted = true;
  video.playsInline = true;
  video.preload = "auto";
  video.src = URL.createObjectURL(file);
  try {
    await once(video, "loadeddata");
    const moment = Math.min(1, (Number.isFinite(video.duration) ? video.duration : 1) / 4);
    const there = once(video, "seeked");
    video.currentTime = moment;
    await there.catch(() => {}); // a recording that cannot be sought shows its beginning
    const canvas = document.createElement("canvas");
    canvas.width = Math.min(WIDE, video.videoWidth);
    canvas.height = Math.round((video.videoHeight * canvas.width) / video.videoWidth);
    if (!canvas.width || !canvas.height) return null;
    canvas.getContext("2d").drawImage(video, 0, 0, canvas.width, canvas.height);
    return await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.86));
  } catch {
    return null;
  } finally {
    URL.revokeObjectURL(video.src);
    video.removeAttribute("src");
  }
}
