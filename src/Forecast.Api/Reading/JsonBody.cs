using System.Text.Json;
using Forecast.Api.Problems;

namespace Forecast.Api.Reading;

/// <summary>Reads a JSON body and collects everything that is wrong with it before anything is done.</summary>
internal static class JsonBody
{
    private static readonly JsonDocumentOptions Options = new() { AllowDuplicateProperties = false, MaxDepth = 32 };

    /// <param name="request">The request.</param>
    /// <param name="read">Makes the wanted record of the body's object; what is wrong goes into the reader's faults.</param>
    /// <exception cref="RequestException">415, 400 for a body that is no JSON object, 422 with all its faults for one that is.</exception>
    public static async Task<T> ReadAsync<T>(HttpRequest request, Func<ObjectReader, T> read)
    {
        if (!request.HasJsonContentType()) throw RequestException.OfBody(StatusCodes.Status415UnsupportedMediaType, "media-type-unsupported", $"the body is '{request.ContentType}', but application/json is read here");
        using var document = await ParseAsync(request);
        if (document.RootElement.ValueKind != JsonValueKind.Object) throw RequestException.OfBody(StatusCodes.Status400BadRequest, "json-invalid", $"the body is {ObjectReader.KindOf(document.RootElement)}, not an object");
        var faults = new List<Fault>();
        var result = read(new ObjectReader(document.RootElement, "", faults));
        return faults.Count == 0 ? result : throw new RequestException(StatusCodes.Status422UnprocessableEntity, faults);
    }

    private static async Task<JsonDocument> ParseAsync(HttpRequest request)
    {
        try
        {
            return await JsonDocument.ParseAsync(request.Body, Options, request.HttpContext.RequestAborted);
        }
        catch (JsonException e)
        {
            throw RequestException.OfBody(StatusCodes.Status400BadRequest, "json-invalid", $"the body is no JSON: {e.Message}");
        }
    }
}
