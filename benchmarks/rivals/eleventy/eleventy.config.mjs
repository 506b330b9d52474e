import { feedPlugin } from "@11ty/eleventy-plugin-rss";
import syntaxHighlight from "@11ty/eleventy-plugin-syntaxhighlight";
import anchors from "markdown-it-anchor";
import footnotes from "markdown-it-footnote";

const DAY = new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeZone: "UTC" });

export default function (eleventy) {
  eleventy.addPlugin(syntaxHighlight);
  eleventy.addPlugin(feedPlugin, {
    type: "rss",
    outputPath: "/feed.xml",
    collection: { name: "posts", limit: 20 },
    metadata: {
      language: "en",
      title: "Benchmark",
      subtitle: "A blog to be measured by",
      base: "https://example.org/",
      author: { name: "The authors" },
    },
  });
  eleventy.amendLibrary("md", (markdown) => {
    markdown.set({ html: true, typographer: true }).use(anchors).use(footnotes);
  });

  for (const files of ["images", "*.css"]) eleventy.addPassthroughCopy(files);
  eleventy.addFilter("stamp", (date) => date.toISOString().slice(0, 19) + "Z");
  eleventy.addFilter("date", (date) => date.toISOString().slice(0, 10));
  eleventy.addFilter("day", (date) => DAY.format(date));

  eleventy.addCollection("posts", (api) => {
    const posts = api.getFilteredByGlob("posts/*.md");
    for (const [place, post] of posts.entries()) {
      post.data.older = posts[place - 1];
      post.data.newer = posts[place + 1];
    }
    return posts;
  });
  eleventy.addCollection("names", (api) => {
    const times = {};
    const tags = api.getFilteredByGlob("posts/*.md").flatMap((post) => post.data.tags ?? []);
    for (const tag of tags) times[tag] = (times[tag] ?? 0) + 1;
    return Object.keys(times).sort().map((name) => ({ name, times: times[name] }));
  });

  return {
    dir: { input: ".", output: "_site", includes: "_includes" },
    markdownTemplateEngine: false, // braces in a post's code are code
    htmlTemplateEngine: "njk",
  };
}
