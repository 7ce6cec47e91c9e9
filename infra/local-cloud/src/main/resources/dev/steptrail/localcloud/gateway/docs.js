SwaggerUIBundle({
  url: "/openapi.yaml",
  dom_id: "#page",
  deepLinking: true,
  defaultModelsExpandDepth: 0,
  showCommonExtensions: true, // the limits of each parameter
  validatorUrl: "none", // else it would send the document to a service that checks it
});
