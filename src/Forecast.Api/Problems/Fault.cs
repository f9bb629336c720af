namespace Forecast.Api.Problems;

/// <summary>One thing that is wrong with a request.</summary>
/// <param name="Pointer">JSON pointer (RFC 6901) into the body, as <c>/series/0/values/3</c>; the empty pointer is the whole body. Null where the fault lies elsewhere.</param>
/// <param name="Code">Stable code, the end of the problem type.</param>
/// <param name="Detail">What is wrong and what would be right.</param>
/// <param name="Parameter">Name of the query, route or header parameter at fault.</param>
public sealed record Fault(string? Pointer, string Code, string Detail, string? Parameter = null);

/// <summary>A request that cannot be done as it stands, with everything that is wrong with it.</summary>
internal sealed class RequestException(int status, IReadOnlyList<Fault> faults) : Exception(faults[0].Detail)
{
    public int Status => status;

    public IReadOnlyList<Fault> Faults => faults;

    /// <summary>A fault of the query, the route or a header.</summary>
    public static RequestException OfParameter(string parameter, string code, string detail) => new(StatusCodes.Status400BadRequest, [new Fault(null, code, detail, parameter)]);

    /// <summary>A fault of the body as a whole.</summary>
    public static RequestException OfBody(int status, string code, string detail) => new(status, [new Fault("", code, detail)]);
}
