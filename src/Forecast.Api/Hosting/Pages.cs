using Microsoft.Extensions.FileProviders;

namespace Forecast.Api.Hosting;

/// <summary>The web pages: files of a folder, and its index for every address that belongs to the pages' own router.</summary>
internal static class Pages
{
    private const string Missing =
        """
        The Forecast API runs here; the web pages are not built.

        The API      /v1, described by /openapi/v1.json
        The pages    build them with Node 20 or newer (npm ci and npm run build in the folder web), or name their folder by --web

        """;

    private static readonly string[] OwnPaths = ["/v1", "/health", "/openapi"];

    public static void UseSafeHeaders(this WebApplication app) => app.Use((context, next) =>
    {
        context.Response.OnStarting(() =>
        {
            context.Response.Headers.XContentTypeOptions = "nosniff";
            context.Response.Headers.XFrameOptions = "SAMEORIGIN";
            return Task.CompletedTask;
        });
        return next(context);
    });

    /// <summary>Serves the folder's files, and its index where no route and no file has the address.</summary>
    public static void UsePages(this WebApplication app, string? folder)
    {
        var root = Has(folder) ? Path.GetFullPath(folder!) : null;
        if (root is not null) app.UseStaticFiles(new StaticFileOptions { FileProvider = new PhysicalFileProvider(root) });
        app.Use((context, next) => IsPage(context)
            ? root is not null ? TypedResults.PhysicalFile(Path.Combine(root, "index.html"), "text/html; charset=utf-8").ExecuteAsync(context)
            : context.Request.Path == "/" ? TypedResults.Text(Missing).ExecuteAsync(context)
            : next(context)
            : next(context));
    }

    /// <summary>An address of the pages' own router: no route of the API, no name of a file.</summary>
    private static bool IsPage(HttpContext context)
    {
        var (path, method) = (context.Request.Path, context.Request.Method);
        return context.GetEndpoint() is null && (HttpMethods.IsGet(method) || HttpMethods.IsHead(method)) && !Path.HasExtension(path)
            && !Array.Exists(OwnPaths, own => path.StartsWithSegments(own, StringComparison.OrdinalIgnoreCase));
    }

    private static bool Has(string? folder) => folder is not null && File.Exists(Path.Combine(folder, "index.html"));
}
