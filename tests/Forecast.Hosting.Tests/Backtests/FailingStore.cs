using System.Reflection;
using Forecast.Core;

namespace Forecast.Hosting.Tests.Backtests;

/// <summary>A door of a store that can be shut for a while: every call then fails as a locked file does.</summary>
public class FailingStore<T> : DispatchProxy
    where T : class
{
    private T _inner = null!;
    private Func<string, bool> _fails = _ => false;

    /// <param name="inner">The store that answers otherwise.</param>
    /// <param name="fails">Whether a call of a method fails now.</param>
    public static T Around(T inner, Func<string, bool> fails)
    {
        var proxy = Create<T, FailingStore<T>>();
        var self = (FailingStore<T>)(object)proxy;
        (self._inner, self._fails) = (inner, fails);
        return proxy;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        ArgumentNullException.ThrowIfNull(targetMethod);
        if (_fails(targetMethod.Name)) throw new ForecastException("store-busy", "another process held it for too long", "store");
        try
        {
            return targetMethod.Invoke(_inner, args);
        }
        catch (TargetInvocationException e)
        {
            throw e.InnerException ?? e;
        }
    }
}
