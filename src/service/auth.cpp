#include "service/auth.h"

#include <algorithm>
#include <array>
#include <semaphore>

#include <sodium.h>

#include "sql.gen.h"

namespace gridward::service {
namespace {

std::string random_hex(std::size_t bytes) {
  std::string raw(bytes, '\0');
  randombytes_buf(raw.data(), raw.size());
  std::string out(bytes * 2 + 1, '\0');
  sodium_bin2hex(out.data(), out.size(), reinterpret_cast<const unsigned char*>(raw.data()), raw.size());
  out.pop_back();
  return out;
}

/// Hashing takes 64 MiB each: a flood of sign-ins must wait, not fill the memory.
std::counting_semaphore<2> hashing(2);  // NOLINT: bounds a resource of the whole process

bool verify(const std::string& hash, const Secret& password) {
  hashing.acquire();
  const bool ok = crypto_pwhash_str_verify(hash.c_str(), password.reveal().data(), password.reveal().size()) == 0;
  hashing.release();
  return ok;
}

}  // namespace

std::string token_hash(const Secret& token) {
  std::array<unsigned char, 32> hash{};
  crypto_generichash(hash.data(), hash.size(), reinterpret_cast<const unsigned char*>(token.reveal().data()),
                     token.reveal().size(), nullptr, 0);
  std::string out(65, '\0');
  sodium_bin2hex(out.data(), out.size(), hash.data(), hash.size());
  out.pop_back();
  return out;
}

std::string hash_password(const Secret& password) {
  std::array<char, crypto_pwhash_STRBYTES> out{};
  hashing.acquire();
  const int failed = crypto_pwhash_str(out.data(), password.reveal().data(), password.reveal().size(),
                                       crypto_pwhash_OPSLIMIT_INTERACTIVE, crypto_pwhash_MEMLIMIT_INTERACTIVE);
  hashing.release();
  if (failed != 0) throw std::bad_alloc();
  return out.data();
}

Secret random_password() { return Secret(random_hex(10)); }
Secret random_token() { return Secret(random_hex(32)); }

Result<SignedIn> sign_in(storage::Pool& pool, const std::string& username, const Secret& password, bool cookie, std::chrono::seconds lasts) {
  struct Found {
    std::int64_t id = 0;
    std::string hash;
    bool closed = false;
  };
  const auto found = pool.read<Found>([&](storage::Tx& tx) -> Result<Found> {
    const auto rows = tx.run(sql::accounts_by_username, {username});
    if (rows.size() == 0) return Found{};
    return Found{rows.integer(0, "id"), rows.text(0, "password_hash"), rows.boolean(0, "closed")};
  });
  if (!found) return fail(found.error());
  // An unknown name costs as much time as a wrong password.
  static const std::string decoy = hash_password(random_password());
  const bool ok = verify(found->id == 0 ? decoy : found->hash, password);
  return pool.write<SignedIn>([&](storage::Tx& tx) -> Result<SignedIn> {
    if (!ok || found->id == 0 || found->closed) return fail(Errc::unauthenticated, "The name or the password is wrong, or the account is locked.");
    tx.run(sql::accounts_succeeded, {std::to_string(found->id)});
    SignedIn session{random_token(), random_hex(16)};
    tx.run(sql::sessions_create, {token_hash(session.token), std::to_string(found->id), cookie ? "cookie" : "bearer",
                                  session.csrf, std::to_string(lasts.count())});
    return session;
  }).or_else([&](const Error& e) -> Result<SignedIn> {
    if (e.code == Errc::unauthenticated && found->id != 0 && !found->closed)
      (void)pool.write<int>([&](storage::Tx& tx) -> Result<int> {
        tx.run(sql::accounts_failed, {std::to_string(found->id)});
        return 0;
      });
    return fail(e);
  });
}

Result<void> sign_out(storage::Pool& pool, const Principal& who) {
  const auto done = pool.write<int>([&](storage::Tx& tx) -> Result<int> {
    tx.run(sql::sessions_revoke, {std::to_string(who.session)});
    return 0;
  });
  if (!done) return fail(done.error());
  return {};
}

Result<Principal> authenticate(storage::Pool& pool, const Secret& token) {
  return pool.read<Principal>([&](storage::Tx& tx) -> Result<Principal> {
    const auto rows = tx.run(sql::sessions_find, {token_hash(token)});
    if (rows.size() == 0) return fail(Errc::unauthenticated, "The session has ended. Sign in again.");
    Principal who;
    who.account = rows.integer(0, "account_id");
    who.session = rows.integer(0, "id");
    who.username = rows.text(0, "username");
    who.display_name = rows.text(0, "display_name");
    who.session_kind = rows.text(0, "kind");
    who.csrf = rows.text(0, "csrf");
    who.read_only = rows.boolean(0, "read_only");
    const auto grants = tx.run(sql::accounts_grants, {std::to_string(who.account)});
    for (std::size_t i = 0; i < grants.size(); ++i)
      who.grants.push_back({grants.text(i, "role"), grants.integer(i, "district_id"), grants.integer(i, "cell_id")});
    return who;
  });
}

Result<std::string> seal_key(storage::Pool& pool) {
  return pool.write<std::string>([](storage::Tx& tx) -> Result<std::string> {
    return tx.run(sql::sessions_seal_key, {random_hex(32)}).text(0, "value");
  });
}

Result<void> mark_demo(storage::Pool& pool) {
  const auto done = pool.write<int>([](storage::Tx& tx) -> Result<int> {
    tx.run(sql::meta_mark_demo);
    return 0;
  });
  if (!done) return fail(done.error());
  return {};
}

Result<bool> is_demo(storage::Pool& pool) {
  return pool.read<bool>([](storage::Tx& tx) -> Result<bool> { return tx.run(sql::meta_demo).boolean(0, "demo"); });
}

std::string seal(const std::string& key, const std::string& text) {
  std::array<unsigned char, 16> hash{};
  crypto_generichash(hash.data(), hash.size(), reinterpret_cast<const unsigned char*>(text.data()), text.size(),
                     reinterpret_cast<const unsigned char*>(key.data()), key.size());
  std::string out(33, '\0');
  sodium_bin2hex(out.data(), out.size(), hash.data(), hash.size());
  out.pop_back();
  return out;
}

bool reaches(const Principal& who, std::int64_t district, const std::vector<std::int64_t>& way) {
  return std::ranges::any_of(who.grants, [&](const Grant& g) {
    if (g.role == "admin") return false;  // accounts, no business data
    if (g.district != 0 && g.district != district) return false;
    return g.cell == 0 || std::ranges::find(way, g.cell) != way.end();
  });
}

bool in_district(const Principal& who, std::int64_t district) {
  return std::ranges::any_of(who.grants, [&](const Grant& g) { return g.role != "admin" && (g.district == 0 || g.district == district); });
}

}  // namespace gridward::service
