SwaggerUIBundle({
  url: "/openapi.yaml",
  dom_id: "#page",
  deepLinking: true,
  defaultModelsExpandDepth: 0,
  showCommonExtensions: true, // shows the limits of each parameter
  validatorUrl: "none", // otherwise Swagger UI sends the document to an online validator
});
